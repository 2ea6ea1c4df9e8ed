import fc from 'fast-check'
import { times } from './times.ts'

/** fast-check with the same inputs on each run of the gate, and others on each run at full length. */
fc.configureGlobal({ seed: times(20261121, Date.now() % 2 ** 31) })

export { fc }
