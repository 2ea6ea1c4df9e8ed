/** A rectangle of a picture. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where a line goes from one rectangle to another, and what is in the way. */
export interface Ends {
  readonly from: Rectangle
  readonly to: Rectangle
}

/** Space that a line keeps from what it passes. */
const CLEARANCE = 13

/**
 * A line from the bottom of one rectangle to the top of a lower one, as the data of an SVG path. Whatever stands
 * in rows between them is passed at its side.
 */
export function route({ from, to }: Ends, rows: readonly (readonly Rectangle[])[]): string {
  const start = { x: from.x + from.width / 2, y: from.y + from.height }
  const end = { x: to.x + to.width / 2, y: to.y }
  let at = start
  let line = `M${start.x} ${start.y}`
  for (const row of rows) {
    const [top, bottom] = [
      Math.min(...row.map(({ y }) => y)),
      Math.max(...row.map((box) => box.y + box.height)),
    ]
    if (top < start.y || bottom > end.y) continue
    const x = lane(row, (at.x + end.x) / 2)
    line += curve(at, { x, y: top }) + (bottom > top ? `V${bottom}` : '')
    at = { x, y: bottom }
  }
  return line + curve(at, end)
}

interface Point {
  readonly x: number
  readonly y: number
}

function curve(from: Point, to: Point): string {
  const bend = (to.y - from.y) / 2
  return `C${from.x} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}`
}

/** The free place nearest to where a line would like to pass a row. */
function lane(row: readonly Rectangle[], wanted: number): number {
  const blocked = (x: number) => row.some((box) => x > box.x - CLEARANCE && x < box.x + box.width + CLEARANCE)
  const places = [wanted, ...row.flatMap((box) => [box.x - CLEARANCE, box.x + box.width + CLEARANCE])]
  const free = places.filter((x) => !blocked(x))
  return free.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? wanted
}
