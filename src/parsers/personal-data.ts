export type PersonalDataKind = 'e-mail address' | 'phone number' | 'card number'

export interface PersonalDataCount {
  readonly column: string
  readonly kind: PersonalDataKind
  readonly rows: number
}

export class PersonalDataScan {
  constructor(_columns: readonly string[]) {}

  record(_bytes: Uint8Array, _starts: Int32Array, _ends: Int32Array, _count: number): void {}

  results(): PersonalDataCount[] {
    return []
  }
}
