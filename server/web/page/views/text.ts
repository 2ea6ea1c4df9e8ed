import type { AgentView } from '../../../catalog/flow-view.ts'
import type { ReleaseView, SkillView } from '../../../catalog/release-view.ts'
import { addressOf, type Text, textPath } from '../address.ts'
import { type Child, h } from '../element.ts'
import type { Scene, Shown } from '../scene.ts'
import { bytes, grouped, tokens } from '../words.ts'
import { variantOf } from './index-pane.ts'
import { skillCommands } from './install-commands.ts'
import { badge, copyable, facts, heading, link, notice, waiting } from './parts.ts'

/** A text of a release that is shown, and what it is a part of. */
export interface TextStage {
  readonly channel: string
  readonly release: ReleaseView
  readonly text: Text
}

/** One prompt, skill or document: what it is, where it is used, and its text. */
export function textView(scene: Scene, stage: TextStage): HTMLElement {
  const about = { agent: aboutAgent, skill: aboutSkill, doc: aboutDoc }[stage.text.kind](scene, stage)
  if (about === undefined) {
    return notice(
      'warning',
      `There is no ${stage.text.kind} "${stage.text.name}" in this release: it may be in another channel`,
    )
  }
  return h('article', {}, about, source(scene, stage))
}

function aboutAgent(_: Scene, { channel, release, text }: TextStage): Child {
  const agent = release.flows
    .find(({ flow }) => flow === text.name)
    ?.agents.find(({ type }) => type === text.path)
  if (agent === undefined) return undefined
  return [
    heading(
      h('code', {}, agent.type),
      agent.marks.map((mark) => badge('plain', mark)),
    ),
    agent.label !== null && h('p', { class: 'lead' }, agent.label),
    facts([
      ['Flow', link({ view: 'flow', channel, flow: text.name }, {}, text.name)],
      ['Models', list(agent.models)],
      agent.effort !== null && ['Effort', agent.effort],
      ['Tools', agent.tools.join(', ') || 'none'],
      agent.denied.length > 0 && ['Denied', agent.denied.join(', ')],
      agent.dependsOn.length > 0 && [
        'Waits for',
        agent.dependsOn.map((type) =>
          link({ ...text, channel, path: type, raw: false, at: undefined }, { class: 'item' }, type),
        ),
      ],
      ['Skills', skillLinks(channel, agent)],
      [
        'Starts with',
        `${tokens(agent.tokens.total)}: prompt ${grouped(agent.tokens.prompt)}, contract ${grouped(agent.tokens.contract)}, pointers ${grouped(agent.tokens.pointers)}`,
      ],
      agent.tokens.reads > 0 && ['Then reads', `${tokens(agent.tokens.reads)} of skills`],
      ['File', h('code', {}, agent.file)],
      ['Size', bytes(agent.size)],
    ]),
  ]
}

function list(words: readonly string[]): Child {
  return words.map((word) => h('code', { class: 'item' }, word))
}

function skillLinks(channel: string, { skills }: AgentView): Child {
  if (skills.length === 0) return 'none'
  return skills.map(({ name, skills: meant }) => {
    const [only] = meant
    if (only === undefined) return h('code', { class: 'item' }, name)
    if (meant.length === 1) return skillLink(channel, only, only)
    return h(
      'span',
      { class: 'item' },
      h('code', {}, name),
      ' (',
      meant.flatMap((id, at) => [at > 0 && ', ', skillLink(channel, id, id.slice(name.length + 1))]),
      ')',
    )
  })
}

function skillLink(channel: string, id: string, word: string): HTMLElement {
  return link(
    { view: 'text', channel, kind: 'skill', name: id, path: 'SKILL.md', raw: false },
    { class: 'item' },
    word,
  )
}

function aboutSkill(scene: Scene, { channel, release, text }: TextStage): Child {
  const skill = release.skills.find(({ id }) => id === text.name)
  if (skill === undefined) return undefined
  const variants = release.skills.filter(({ group, id }) => group === skill.group && id !== skill.id)
  return [
    heading(
      h('code', {}, skill.id),
      skill.framework !== null && badge('plain', skill.framework),
      skill.isDefault && badge('plain', 'default'),
      skill.bundled && badge('plain', 'bundled'),
    ),
    h('p', { class: 'lead' }, skill.description),
    facts([
      [
        'Used by',
        skill.usedBy.length === 0 ? 'no prompt' : skill.usedBy.map((name) => agentLink(channel, name)),
      ],
      variants.length > 0 && ['Variants', variants.map((one) => skillLink(channel, one.id, variantOf(one)))],
      skill.command !== null && ['Command', h('code', {}, skill.command)],
      skill.tags.length > 0 && ['Tags', skill.tags.join(', ')],
      [
        'Tokens',
        `SKILL.md ${grouped(skill.tokens.main)}, references ${grouped(skill.tokens.references)}, all ${grouped(skill.tokens.total)}`,
      ],
      ['File', [h('code', {}, skill.file), ` ${bytes(skill.size)}`]],
    ]),
    fileList(channel, skill, text),
    installing(scene, release, skill),
  ]
}

function agentLink(channel: string, name: string): HTMLElement {
  const [flow = '', type = ''] = name.split('/')
  return link(
    { view: 'text', channel, kind: 'agent', name: flow, path: type, raw: false },
    { class: 'item' },
    name,
  )
}

function fileList(channel: string, { files }: SkillView, text: Text): HTMLElement | null {
  if (files.length < 2) return null
  return h(
    'nav',
    { class: 'files', 'aria-label': 'Files of the skill' },
    files.map(({ path, tokens: estimate }) =>
      link(
        { ...text, channel, path, at: undefined },
        { 'aria-current': path === text.path ? 'page' : null, 'data-key': path },
        path,
        h('small', {}, estimate === null ? 'no text' : grouped(estimate)),
      ),
    ),
  )
}

function installing({ origin }: Scene, { release }: ReleaseView, skill: SkillView): HTMLElement {
  return h(
    'details',
    { 'data-key': 'install' },
    h('summary', {}, 'Install this skill by hand'),
    copyable(`Commands that install ${skill.id}`, skillCommands(`${origin}/v/${release}`, skill)),
  )
}

function aboutDoc(_: Scene, { release, text }: TextStage): Child {
  const doc = release.docs.find(({ id }) => id === text.name)
  if (doc === undefined) return undefined
  return [heading(doc.name, badge('plain', 'document')), h('p', { class: 'lead' }, doc.description)]
}

function source(scene: Scene, { channel, release, text }: TextStage): HTMLElement {
  const form = (raw: boolean, word: string) =>
    link({ ...text, channel, raw }, { 'aria-current': text.raw === raw ? 'true' : null }, word)
  return h(
    'section',
    { class: 'source', 'aria-label': text.path || text.name },
    h(
      'div',
      { class: 'tabs' },
      h('h2', { class: 'path' }, text.kind === 'skill' ? text.path : 'Source'),
      form(false, 'Rendered'),
      form(true, 'Raw'),
    ),
    text.raw || (text.kind === 'skill' && !text.path.endsWith('.md'))
      ? rawText(scene, { channel, release, text })
      : renderedText(scene, { channel, release, text }),
  )
}

function rawText(scene: Scene, { channel, release, text }: TextStage): HTMLElement {
  const address = `/catalog/releases/${release.release}${textPath('raw', text)}`
  const reading = scene.feed.read<string>(`raw ${channel} ${textPath('raw', text)}`, address)
  if (reading.value === undefined) return waiting(reading)
  return h('pre', { class: 'raw', tabindex: '0' }, h('code', {}, reading.value))
}

function renderedText(scene: Scene, stage: TextStage): HTMLElement {
  const { channel, release, text } = stage
  const address = `/catalog/releases/${release.release}${textPath('rendered', text)}`
  const reading = scene.feed.read<string>(`rendered ${channel} ${textPath('rendered', text)}`, address)
  if (reading.problem !== undefined) {
    return h(
      'div',
      {},
      notice('warning', 'This text cannot be rendered: it is shown as it is written.'),
      rawText(scene, stage),
    )
  }
  if (reading.value === undefined) return waiting(reading)
  const key = `${reading.value.length}-${hashOf(reading.value)}`
  scene.shown.set(key, { html: reading.value, linkTo: linksOf(stage) })
  return h('div', { class: 'prose', 'data-text': key })
}

/** Where relative links of a text lead: to its own headings, to other files of the same skill, and nowhere else. */
function linksOf({ channel, release, text }: TextStage): Shown['linkTo'] {
  const files = release.skills.find(({ id }) => text.kind === 'skill' && id === text.name)?.files ?? []
  return (target) => {
    const { pathname, hash } = new URL(target, `http://skill/${text.path}`)
    const path = target.startsWith('#') ? text.path : decodeURI(pathname.slice(1))
    if (path !== text.path && !files.some((file) => file.path === path)) return undefined
    const at = decodeURIComponent(hash.slice(1)) || undefined
    return addressOf({ ...text, channel, path, raw: false, at })
  }
}

/** FNV-1a: enough to tell whether a text is the one that is drawn already. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16)
}
