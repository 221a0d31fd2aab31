import { describe, expect, test } from 'vitest'
import { explained } from '../../../src/config/file/module-errors.ts'

/** Texts as Node and jiti write them on Windows. */
describe('errors of a module on Windows', () => {
  const file = 'C:\\my shop\\ecomagg.config.ts'

  function thrown(message: string, ...frames: string[]): Error {
    const error = new Error(message)
    error.stack = [`Error: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n')
    return error
  }

  test('the line of what the parser refuses', () => {
    const error = thrown(
      'ParseError: C:\\: Unexpected token, expected ","  \n C:/my shop/ecomagg.config.ts:4:12',
    )
    expect(explained(file, error)).toEqual({
      what: 'Unexpected token, expected ","',
      position: { line: 4, column: 13 },
    })
  })

  test('the line of what the parser refuses in a file that it imports', () => {
    const error = thrown('ParseError: C:\\: Unexpected token  \n C:/my shop/lib/helper.ts:4:12')
    expect(explained(file, error)).toEqual({
      what: 'Unexpected token (in C:/my shop/lib/helper.ts, line 4)',
      position: undefined,
    })
  })

  test('the line of what it throws', () => {
    const error = thrown(
      'boom',
      'C:/my shop/ecomagg.config.ts:19:3',
      'run (C:\\x\\node_modules\\jiti\\jiti.cjs:1:2)',
    )
    expect(explained(file, error)).toEqual({ what: 'boom', position: { line: 19, column: 3 } })
  })

  test('the line of what a file that it imports throws, and the line from which it was called', () => {
    const error = thrown('boom', 'f (C:/my shop/lib/helper.ts:1:2)', 'C:/my shop/ecomagg.config.ts:19:3')
    expect(explained(file, error)).toEqual({
      what: 'boom (in C:/my shop/lib/helper.ts, line 1)',
      position: { line: 19, column: 3 },
    })
  })
})
