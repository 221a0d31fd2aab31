import type { MappedFile } from '../../sources/map/map-file.ts'

/** What `ecomagg map --json` says of one file; cells are shown only if somebody asked for them. */
export function mappedFileJson(path: string, found: MappedFile, showValues: boolean): unknown {
  const { sample, encoding, header, fault, records, match, alsoHolds, proposal, preset } = found
  return {
    file: path,
    bytes: sample.bytes,
    gzip: sample.isGzip,
    whole: sample.isWhole,
    fault: fault ?? null,
    encoding: encoding.encoding ?? null,
    byte_order_mark: encoding.hasMark,
    encoding_is_likely: encoding.isLikely,
    delimiter: header?.delimiter ?? null,
    quotes: header?.quotes ?? null,
    skip_lines: header?.skipLines ?? null,
    rows_seen: records,
    uneven_records: header?.others ?? null,
    table: match?.table.name ?? null,
    also_holds: alsoHolds?.name ?? null,
    preset: preset?.name ?? null,
    columns: (proposal?.columns ?? []).map(({ target, source, kind, cells, fits, shape, example }) => ({
      column: target,
      from: source,
      kind,
      cells,
      fits,
      shape: shape ?? null,
      ...(showValues ? { example: example ?? null } : {}),
    })),
  }
}
