/** How often a test does its thing: in the gate, or at full length with MILL_LONG_TESTS=1. */
export function times(gate: number, long: number): number {
  return process.env.MILL_LONG_TESTS === '1' ? long : gate
}
