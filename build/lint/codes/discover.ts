import { type Entry, LARGE } from '../rule.ts'
import { anError } from './entry.ts'

const skill = (name: string) => `---\nname: ${name}\ndescription: A skill\n---\n# It\n`

/** Codes about what lies in a content root. */
export const DISCOVER_CODES: readonly Entry[] = [
  anError('discover/empty', 'A content root holds no content.', {
    notOk: [
      [
        {
          'agents/demo/seed.md': undefined,
          'agents/demo/task.md': undefined,
          'agents/demo/user.md': undefined,
          'skills/plain/SKILL.md': undefined,
        },
        ':1:1',
      ],
    ],
  }),
  anError(
    'discover/name',
    'A path cannot be carried to every machine: device names, trailing dots and spaces, reserved or hidden characters, other than normal form C, segments beyond 255 bytes.',
    {
      notOk: [[{ 'skills/plain/assets/con.txt': 'x\n' }, 'skills/plain/assets/con.txt:1:1']],
    },
  ),
  anError(
    'discover/name-collision',
    'Two paths differ in nothing but case: many machines would keep one of the files.',
    {
      ok: { 'skills/one/SKILL.md': undefined },
      notOk: [
        [
          {
            'skills/plain/assets/a.txt': 'a\n',
            'skills/plain/assets/A.txt': 'A\n',
            'skills/plain/SKILL.md': skill('plain'),
          },
          'skills/plain/assets/a.txt:1:1',
        ],
      ],
    },
  ),
  anError('discover/too-large', 'A file is larger than 5 MiB, and is not read.', {
    notOk: [[{ 'skills/plain/assets/a.txt': LARGE }, 'skills/plain/assets/a.txt:1:1']],
  }),
  anError('discover/link', 'A file is a symbolic link. It is not followed: content stays inside its root.', {
    notOk: [
      [{ 'skills/plain/references/more.md': 'LINK ../SKILL.md' }, 'skills/plain/references/more.md:1:1'],
    ],
  }),
  // No example: a pipe or a device is nothing that could be written down.
  anError('discover/special-file', 'An entry is neither a file nor a folder.'),
  // No example of these two: they are found in commits, and an example is a tree of files.
  anError('git/unreadable', 'A file of a commit cannot be read: its object is not here, or not whole.'),
  anError('discover/submodule', 'An entry of a commit is a submodule.'),
  // No example: who builds as root can read every file.
  anError('discover/unreadable', 'A file cannot be read.'),
]
