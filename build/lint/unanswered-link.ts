import { quote } from '../finding.ts'
import { START } from '../position.ts'
import { externalLinks } from './external-links.ts'
import { formatLinkRecord, LINK_RECORD_PATH, parseLinkRecord } from './link-record.ts'
import { outline } from './outline.ts'
import type { Rule } from './rule.ts'

const skill = (url: string) => ({
  'skills/plain/SKILL.md': `---\nname: plain\ndescription: A plain skill\n---\nSee [the guide](${url}).\n`,
  [LINK_RECORD_PATH]: formatLinkRecord({
    'https://docs.lantern.dev/old': { on: '2026-11-20', reason: 'it answered 404' },
  }),
})

export const unansweredLink: Rule = {
  code: 'lint/unanswered-link',
  severity: 'warning',
  summary:
    'An external link did not answer when `mill check --links` asked last. A build asks nobody: it goes by what is recorded in `content.links.json`, beside the content. Links to hosts that are not public are not asked.',
  ok: [{ files: skill('https://docs.lantern.dev/new') }],
  notOk: [{ files: skill('https://docs.lantern.dev/old#top'), at: ['skills/plain/SKILL.md:5:17'] }],
  check: ({ sources, memo }, tell) => {
    const written = sources.get(LINK_RECORD_PATH)
    if (written === undefined) return
    const record = memo.of(parseLinkRecord, written.text)
    if (record === undefined) {
      const message = `Cannot read "${LINK_RECORD_PATH}": expected what "mill check --links" writes`
      tell({ path: LINK_RECORD_PATH, ...START }, { message })
      return
    }
    const unanswered = new Map(Object.entries(record.unanswered))
    for (const { url, place } of externalLinks(sources.values(), (text) => memo.of(outline, text))) {
      const last = unanswered.get(url)
      if (last === undefined) continue
      const message = `Cannot rely on ${quote(url)}: on ${last.on} ${last.reason}, expected a page that answers`
      const fix = { description: 'Write another address, or ask again with "mill check --links"' }
      tell(place, { message, fix })
    }
  },
}
