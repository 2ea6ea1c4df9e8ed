import { estimateTokens } from '../tokens.ts'
import type { Rule } from './rule.ts'
import type { Subject, Unit } from './subject.ts'

const MAX_TOKENS = 5000
const MAX_LINES = 500
/** The tightest client refuses a skill beyond these. */
const MAX_FILES = 512
const MAX_BYTES = 16 * 1024 * 1024
const skill = (body: string) => `---\nname: plain\ndescription: A plain skill\n---\n${body}\n`

export const skillSize: Rule = {
  code: 'lint/skill-size',
  severity: 'warning',
  summary: `A SKILL.md is longer than an agent should have to read at once: at most ${MAX_LINES} lines and about ${MAX_TOKENS} tokens. What is not always needed belongs in references.`,
  ok: [{ files: { 'skills/plain/SKILL.md': skill('Do the thing.\n'.repeat(400)) } }],
  notOk: [
    {
      files: { 'skills/plain/SKILL.md': skill('Do the thing.\n'.repeat(600)) },
      at: ['skills/plain/SKILL.md:1:1'],
    },
    {
      files: { 'skills/plain/SKILL.md': skill('Every word of this is read. '.repeat(900)) },
      at: ['skills/plain/SKILL.md:1:1'],
    },
  ],
  check: (subject, tell) => {
    for (const unit of skills(subject)) {
      const text = unit.files.get('SKILL.md') ?? ''
      const lines = text.split('\n').length - 1
      // A token is at least a character.
      const tokens = text.length > MAX_TOKENS ? subject.memo.of(estimateTokens, text) : 0
      if (lines <= MAX_LINES && tokens <= MAX_TOKENS) continue
      const size = lines > MAX_LINES ? `${lines} lines` : `about ${tokens} tokens`
      const message = `Cannot be read at one go: SKILL.md of "${unit.name}" has ${size}, expected at most ${MAX_LINES} lines and ${MAX_TOKENS} tokens`
      tell(unit.place, { message })
    }
  },
}

export const skillLimits: Rule = {
  code: 'lint/skill-limits',
  severity: 'error',
  summary: `A skill is larger than clients accept: at most ${MAX_FILES} files and ${MAX_BYTES / 1024 / 1024} MiB.`,
  ok: [],
  notOk: [
    {
      files: Object.fromEntries(
        Array.from({ length: MAX_FILES }, (_, at) => [`skills/plain/assets/${at}.txt`, `${at}\n`]),
      ),
      at: ['skills/plain/SKILL.md:1:1'],
    },
  ],
  check: (subject, tell) => {
    for (const unit of skills(subject)) {
      if (unit.fileCount <= MAX_FILES && unit.mostBytes <= MAX_BYTES) continue
      const bytes = unit.bytes()
      if (unit.fileCount <= MAX_FILES && bytes <= MAX_BYTES) continue
      const message = `Cannot serve "${unit.name}" with ${unit.fileCount} files of ${bytes} bytes: expected at most ${MAX_FILES} files and ${MAX_BYTES} bytes`
      tell(unit.place, { message, units: [unit] })
    }
  },
}

function skills({ units }: Subject): Unit[] {
  return units.filter(({ of }) => of.kind === 'skill' || of.kind === 'group-skill')
}
