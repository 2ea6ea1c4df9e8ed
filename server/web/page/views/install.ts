import { h } from '../element.ts'
import type { Scene, Stage } from '../scene.ts'
import { releaseCommands } from './install-commands.ts'
import { copyable, heading, link, notice } from './parts.ts'

/** How each kind of client is pointed at a channel. */
export function installPage(scene: Scene, { channel, release }: Stage): HTMLElement {
  const name = channel.channel
  const isRoot = scene.channels.value?.root === name
  const base = isRoot ? scene.origin : `${scene.origin}/channels/${name}`
  const flow = release.value?.flows[0]?.flow ?? '<flow>'
  return h(
    'article',
    {},
    heading('Install', h('span', { class: 'badge plain' }, name)),
    channel.release === null &&
      notice('warning', 'This channel has nothing to serve yet: these commands will work once it has.'),
    section(
      'The reference client',
      'Runs a flow on an app, with everything checked against its digest.',
      `npx pnpm@12 mill run ../my-app --flow ${flow} --base ${base}`,
    ),
    section('The wizard', 'Give it this base URL; it asks for the menus below it.', base),
    channel.release !== null &&
      section(
        'By hand, everything at once',
        'One archive of a release that never changes, checked against its list of digests.',
        releaseCommands(`${scene.origin}/v/${channel.release}`),
      ),
    h(
      'section',
      {},
      h('h2', {}, 'By hand, one skill'),
      h(
        'p',
        {},
        'The page of each skill has its commands. See ',
        link({ view: 'overview', channel: name }, {}, 'the skills of this channel'),
        '.',
      ),
    ),
    section(
      'For programs',
      'The menus, as clients read them.',
      [
        `${base}/agent-menu.json`,
        `${base}/skill-menu.json`,
        `${base}/manifest.json`,
        `${base}/SHA256SUMS`,
      ].join('\n'),
    ),
  )
}

function section(title: string, words: string, text: string): HTMLElement {
  return h('section', { 'data-key': title }, h('h2', {}, title), h('p', {}, words), copyable(title, text))
}
