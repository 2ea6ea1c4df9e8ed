import type { Policy } from '../policy.ts'

/** `<flow>/<type>`, or `<flow>/*` for every type of a flow that has no rule of its own. */
export const POLICIES: Readonly<Record<string, Policy>> = {}
