/** @import { Options } from './options.mjs' */

/**
 * What every measure is given.
 *
 * @typedef {object} Surroundings
 * @property {Options} options
 * @property {string} folder for what the runs write; on the disk of the sample data, removed at the end
 * @property {(text: string) => void} say tells what is going on, apart from the results
 */

export {}
