export { type SampleOptions, type SampleResult, writeSample } from './write-sample.ts'
