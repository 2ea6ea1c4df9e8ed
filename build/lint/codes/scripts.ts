import type { Entry } from '../rule.ts'
import { anError } from './entry.ts'

const RUN = 'skills/plain/scripts/run.ts'

/** Codes about scripts as they are bundled. */
export const SCRIPT_CODES: readonly Entry[] = [
  anError(
    'scripts/bundle',
    'A script of a skill cannot be bundled: it has a mistake in it, or imports what is not in the skill.',
    {
      ok: { [RUN]: "import { join } from 'node:path'\nconsole.log(join('a', 'b'))\n" },
      notOk: [
        [{ [RUN]: "import express from 'express'\nexpress()\n" }, `${RUN}:1:21`],
        [{ [RUN]: 'const a =\n' }, `${RUN}:2:1`],
      ],
    },
  ),
  anError('scripts/name', 'A script would be bundled to a file that is already there.', {
    notOk: [[{ [RUN]: 'run()\n', 'skills/plain/scripts/run.mjs': 'run()\n' }, `${RUN}:1:1`]],
  }),
]
