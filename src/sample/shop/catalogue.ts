import { Weighted } from './random.ts'

export interface Product {
  readonly name: string
  readonly slug: string
  readonly category: string
  readonly cents: number
  /** How popular it is. */
  readonly weight: number
}

const CATEGORIES: Readonly<
  Record<string, readonly (readonly [name: string, cents: number, weight: number])[]>
> = {
  kitchen: [
    ['Stoneware Mug', 1490, 10],
    ['Cast Iron Pan', 4995, 6],
    ['Bamboo Cutting Board', 2450, 7],
    ['Chef Knife 20 cm', 7900, 4],
    ['Linen Tea Towel', 1200, 8],
  ],
  coffee: [
    ['House Blend 500 g', 1390, 14],
    ['Single Origin Ethiopia 250 g', 1150, 9],
    ['Decaf Sumatra 250 g', 1050, 4],
    ['Pour-Over Dripper', 2800, 5],
    ['Hand Grinder', 6450, 3],
  ],
  home: [
    ['Wool Throw', 8990, 3],
    ['Soy Candle Cedar', 1990, 9],
    ['Oak Picture Frame', 3250, 4],
    ['Crème Brûlée Candle', 2190, 5],
    ['Reading Lamp', 11900, 2],
  ],
  outdoor: [
    ['Enamel Camping Kettle', 3890, 4],
    ['Insulated Bottle 750 ml', 2995, 9],
    ['Packable Picnic Blanket', 4450, 4],
    ['Canvas Day Pack', 8400, 3],
    ['Trail Lantern', 3600, 3],
  ],
  stationery: [
    ['Dotted Notebook A5', 1650, 8],
    ['Brass Ballpoint', 3400, 3],
    ['Letterpress Card Set', 1850, 4],
    ['Desk Calendar', 1475, 3],
  ],
}

export const categories: readonly string[] = Object.keys(CATEGORIES)

export const products: readonly Product[] = Object.entries(CATEGORIES).flatMap(([category, items]) =>
  items.map(([name, cents, weight]) => ({ name, slug: slugOf(name), category, cents, weight })),
)

export const popularProducts: Weighted<Product> = new Weighted(products, ({ weight }) => weight)

export const blogPosts: readonly string[] = ['brewing-guide', 'caring-for-cast-iron', 'spring-gift-ideas']

/** @example slugOf('Crème Brûlée Candle') → 'creme-brulee-candle' */
function slugOf(name: string): string {
  const plain: Record<string, string> = { è: 'e', é: 'e', û: 'u' }
  return name
    .toLowerCase()
    .replace(/[èéû]/g, (letter) => plain[letter]!)
    .replaceAll(' ', '-')
}
