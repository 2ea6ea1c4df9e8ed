import type { FindingsView, FindingView } from '../../../catalog/channel-views.ts'
import { h } from '../element.ts'
import type { Scene, Stage } from '../scene.ts'
import { count } from '../words.ts'
import { honestWords } from './overview.ts'
import { badge, heading, notice, waiting } from './parts.ts'

/** What the last build of a channel found, with the lines it found it in. */
export function findingsPage(scene: Scene, stage: Stage): HTMLElement {
  const name = stage.channel.channel
  const address = `/catalog/channels/${encodeURIComponent(name)}/findings`
  const reading = scene.feed.read<FindingsView>(`findings ${name}`, address)
  return h(
    'article',
    {},
    heading('Findings', badge('plain', name)),
    honestWords(stage),
    reading.value === undefined ? waiting(reading) : list(reading.value),
  )
}

function list({ findings, errors, warnings }: FindingsView): HTMLElement[] {
  if (findings.length === 0) return [notice('quiet', 'The last build found nothing to complain about.')]
  const left = errors + warnings - findings.length
  return [
    h('p', { class: 'lead' }, `${count(errors, 'error')}, ${count(warnings, 'warning')}`),
    h('ol', { class: 'findings' }, findings.map(finding)),
    ...(left > 0 ? [notice('quiet', `… and ${left} more: mill check prints them all`)] : []),
  ]
}

function finding(one: FindingView): HTMLElement {
  const { severity, code, path, line, column, message, fix } = one
  return h(
    'li',
    { class: severity, 'data-key': `${path}:${line}:${column} ${code} ${message}` },
    h(
      'div',
      { class: 'place' },
      badge(severity, severity),
      h('code', {}, `${path}:${line}:${column}`),
      h('code', { class: 'quiet' }, code),
    ),
    h('p', {}, message),
    frame(one),
    fix === undefined ? null : h('p', { class: 'fix' }, h('b', {}, 'Fix'), ' ', fix.description),
  )
}

function frame({ frame, line }: FindingView): HTMLElement | null {
  if (frame === null) return null
  return h(
    'pre',
    { class: 'frame', tabindex: '0', 'aria-label': `Lines around line ${line}` },
    frame.lines.map((text, at) => {
      const isHere = frame.first + at === line
      return [
        h(
          'span',
          { class: isHere ? 'line here' : 'line' },
          h('span', { class: 'gutter' }, frame.first + at),
          text,
          '\n',
        ),
        isHere &&
          h(
            'span',
            { class: 'line caret', 'aria-hidden': 'true' },
            h('span', { class: 'gutter' }),
            frame.indent,
            '^\n',
          ),
      ]
    }),
  )
}
