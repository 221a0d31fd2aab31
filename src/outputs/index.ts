import { csvForm } from './csv/index.ts'
import type { Form } from './form.ts'

/** All forms that tables can be written as. */
export const forms: readonly Form[] = [csvForm]

/** The form of the set itself: what the manifest lists, and `verify` reads back. */
export const setForm: Form = csvForm
