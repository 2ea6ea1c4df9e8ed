import { digestOf } from '../../schemas/digest.ts'
import type { Check } from './check.ts'

/** The other names that the files of a release answer under. */
export interface Copies {
  /** Digest of each file of the release, as it came from its own address. */
  readonly files: ReadonlyMap<string, string>
  /** Prefixes to look below, each empty or ending with `/`. */
  readonly prefixes: readonly string[]
  /** `alias`: below the release's own address. `copy`: below that of a channel, or at `/`. */
  readonly code: 'alias' | 'copy'
}

/** Every name of a file leads to the same bytes. */
export async function verifyCopies(check: Check, { files, prefixes, code }: Copies): Promise<void> {
  const paths = prefixes.flatMap((prefix) =>
    [...files].map(([name, digest]) => ({ path: prefix + name, digest })),
  )
  await Promise.all(
    paths.map(async ({ path, digest }) => {
      const bytes = await check.need(path)
      if (bytes === undefined) return
      const came = digestOf(bytes)
      if (came !== digest) check.report(code, path, { expected: `the digest ${digest} of the release`, came })
    }),
  )
}
