import { hash } from 'node:crypto'
import type { Arm, Experiment } from '../../schemas/experiments.ts'

/**
 * The arm a unit belongs to: weighted rendezvous. Each arm draws a number from (0, 1) for the unit, namely
 * `(n + ½) / 2⁵²`, where `n` is the first 52 bits of `sha256("<experiment>\0<channel>\0<unit>")`, and the arm with
 * the smallest `-ln(number) / weight` has it. So each arm has its share of all units, an arm's draw knows nothing of
 * other arms or experiments, and a weight that changes moves units to or from that arm only.
 */
export function armOf(experiment: Pick<Experiment, 'name' | 'arms'>, unit: string): Arm | undefined {
  let nearest: { readonly arm: Arm; readonly distance: number } | undefined
  for (const arm of experiment.arms) {
    const distance = -Math.log(draw(`${experiment.name}\0${arm.channel}\0${unit}`)) / arm.weight
    if (nearest === undefined || distance < nearest.distance) nearest = { arm, distance }
  }
  return nearest?.arm
}

/** Part of all units that an arm has. */
export function shareOf({ weight }: Arm, arms: readonly Arm[]): number {
  return weight / arms.reduce((sum, arm) => sum + arm.weight, 0)
}

function draw(text: string): number {
  const first = hash('sha256', text, 'buffer').readBigUInt64BE() >> 12n
  return (Number(first) + 0.5) / 2 ** 52
}
