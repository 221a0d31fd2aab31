import type { RawTable } from '../../../raw/define.ts'

/**
 * What other systems call columns, as `plainName` gives it. A name of `strong` says what the column is; one of
 * `weak` may mean many things, and is only taken for a required column that has nothing better.
 */
interface OtherNames {
  readonly strong: string
  readonly weak?: string
}

/** By the name of the column, whatever the table. English first, then German, French and Spanish. */
const OTHER_NAMES: Readonly<Record<string, OtherNames>> = {
  order_id: {
    strong:
      'ordernumber orderno ordernr ordername orderref orderreference transactionid purchaseid increment_id bestellnummer bestellnr bestellid auftragsnummer numerocommande numerodecommande idcommande numeropedido numerodepedido idpedido',
    weak: 'order name number',
  },
  user_id: {
    strong:
      'customerid clientid customernumber customerno visitorid memberid buyerid userpseudoid fullvisitorid kundennummer kundenid kundennr idclient numeroclient idcliente numerocliente',
    weak: 'email emailaddress customeremail billingemail customer user kunde client cliente',
  },
  session_id: {
    strong: 'visitid gasessionid websitesessionid sitzungsid idvisit idsession idsesion',
    weak: 'session visit',
  },
  event_id: {
    strong: 'hitid eventuuid',
    weak: 'uuid lineitemid orderitemid lineid positionsid itemid',
  },
  refund_id: { strong: 'refundnumber creditnoteid creditmemoid gutschriftnummer' },
  time: {
    strong:
      'timestamp datetime createdat created createdon datecreated orderdate ordertime orderedat purchasedate purchasedat eventtime eventtimestamp sessionstart startedat visittime bestelldatum erstelltam zeitpunkt zeitstempel datecommande datedelacommande horodatage fechapedido fechadelpedido',
    weak: 'date day datum fecha paidat processedat updatedat',
  },
  total_price: {
    strong:
      'total ordertotal grandtotal totalamount totalpaid orderamount ordervalue nettotal totalnet grosstotal totalgross totalincltax totalexcltax totalinclvat totalexclvat gesamt gesamtbetrag gesamtsumme bruttobetrag nettobetrag totalttc totalht montanttotal importetotal totalpedido',
    weak: 'revenue amount price sum betrag summe montant importe',
  },
  shipping_price: {
    strong:
      'shipping shippingcost shippingcosts shippingamount shippingtotal ordershipping deliveryfee postage versand versandkosten fraisdeport fraisdelivraison gastosdeenvio',
  },
  discount: {
    strong:
      'discountamount discounttotal totaldiscount totaldiscounts orderdiscount rabatt nachlass remise descuento',
  },
  discount_coupon_code: {
    strong:
      'coupon couponcode discountcode promocode promotioncode voucher vouchercode gutschein gutscheincode rabattcode codepromo cupon codigodescuento',
  },
  total_items: { strong: 'items itemcount numberofitems lineitemcount numitems' },
  total_qty: { strong: 'quantity totalquantity itemsqty totalunits menge gesamtmenge quantite cantidad' },
  product_name: {
    strong:
      'product producttitle itemname itemtitle lineitemname lineitemtitle artikel artikelname artikelbezeichnung produkt produktname produit nomduproduit producto nombreproducto',
    weak: 'name title item bezeichnung productid sku',
  },
  product_price: {
    strong:
      'price unitprice itemprice lineitemprice pricesold einzelpreis stueckpreis stuckpreis preis prix prixunitaire precio preciounitario',
  },
  product_qty: {
    strong: 'quantity qty itemquantity lineitemquantity units menge anzahl stueck stuck quantite cantidad',
  },
  platform: { strong: '' },
  device_type: { strong: 'device devicecategory gerat' },
  country: { strong: 'countrycode countryname land pays pais' },
  region: { strong: 'state province' },
  city: { strong: 'town stadt ort ville ciudad' },
  IP: { strong: 'ipaddress clientip remoteaddr' },
  browser: { strong: 'browsername' },
  referrer: { strong: 'referer httpreferer referrerurl' },
  landing_page: { strong: 'landingsite landingpath entrypage firstpage' },
  utm_source: { strong: 'source sessionsource trafficsource' },
  utm_medium: { strong: 'medium sessionmedium' },
  utm_campaign: { strong: 'campaign campaignname sessioncampaign kampagne' },
  domain: { strong: 'host hostname' },
  path: { strong: 'pagepath pagelocation pageurl pageviewurl url page requesturi seite' },
  query: { strong: 'querystring' },
  hash: { strong: 'fragment' },
  previous_page: { strong: 'pagereferrer referrer referer' },
  href: { strong: 'linkurl targeturl' },
  target_id: { strong: 'elementid linkid' },
  target_tag: { strong: 'tagname' },
  target_text: { strong: 'linktext' },
  scroll_percent: { strong: 'percentscrolled scrolldepth scroll depth' },
  spend: { strong: 'cost costs amountspent kosten ausgaben depense coste gasto' },
  impressions: { strong: 'impr' },
  account: { strong: 'accountname' },
  ad_group: { strong: 'adgroupname adset adsetname' },
  ad: { strong: 'adname' },
  amount: { strong: 'refundamount refundedamount refundtotal' },
  reason: { strong: 'refundreason' },
}

/** Names that mean the key of whatever the rows are. */
const KEY_NAMES = ['id']

/** Longer names are none that anybody knows. */
const LONGEST = 100
/** A currency behind the name of an amount. */
const CURRENCY = /(?:[\s_]|^)\(?(?:usd|eur|gbp|chf|sek|\p{Sc})\)?$/iu

/**
 * A name without what differs between systems: capitals, accents, blanks and signs, and a currency behind it.
 *
 * @example plainName('Order ID') → 'orderid'; plainName('Größe (EUR)') → 'grosse'; plainName('price_usd') → 'price'
 */
export function plainName(name: string): string {
  return name
    .slice(0, LONGEST)
    .replace(CURRENCY, '')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** How surely a name of a header means a column. */
export type NameTier = 'exact' | 'strong' | 'weak'

/** What may be meant by a name of a header: a column, or nothing. Undefined if it is none of its names. */
export function nameTier(table: RawTable, column: string, name: string): NameTier | undefined {
  if (name === column) return 'exact'
  const plain = plainName(name)
  if (plain === '') return undefined
  const { strong, weak } = setsOf(column)
  if (strong.has(plain)) return 'strong'
  if (table.columns[column]?.required !== true) return undefined
  return weak.has(plain) || (column === table.key && isKeyName(table, plain)) ? 'weak' : undefined
}

/** @example isKeyName(pageview_table, 'websitepageviewid') → true, since its rows are pageviews */
function isKeyName({ name }: RawTable, plain: string): boolean {
  const stem = plainName(name.slice(0, name.lastIndexOf('_')))
  return KEY_NAMES.includes(plain) || plain.endsWith(`${stem}id`)
}

interface NameSets {
  readonly strong: ReadonlySet<string>
  readonly weak: ReadonlySet<string>
}

const known = new Map<string, NameSets>()

function setsOf(column: string): NameSets {
  let sets = known.get(column)
  if (sets === undefined) {
    const { strong, weak = '' } = OTHER_NAMES[column] ?? { strong: '' }
    const words = (names: string) =>
      new Set(names.split(' ').flatMap((name) => (name === '' ? [] : [plainName(name)])))
    sets = { strong: words(`${column} ${strong}`), weak: words(weak) }
    known.set(column, sets)
  }
  return sets
}

/** How many names of a record mean a column of some table; a header has many, and a row of data hardly any. */
export function knownNameCount(names: readonly string[], tables: readonly RawTable[]): number {
  const all = allNames(tables)
  return names.filter((name) => all.has(plainName(name))).length
}

const namesOfTables = new WeakMap<readonly RawTable[], ReadonlySet<string>>()

function allNames(tables: readonly RawTable[]): ReadonlySet<string> {
  let all = namesOfTables.get(tables)
  if (all === undefined) {
    const columns = tables.flatMap((table) => Object.keys(table.columns))
    all = new Set([
      ...KEY_NAMES,
      ...columns.flatMap((column) => [...setsOf(column).strong, ...setsOf(column).weak]),
    ])
    namesOfTables.set(tables, all)
  }
  return all
}
