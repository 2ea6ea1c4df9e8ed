import { agentMenuSchema } from '../../schemas/agent-menu.ts'
import { channelName } from '../../schemas/channel.ts'
import { CommandError } from '../../schemas/cli.ts'
import { skillMenuSchema } from '../../schemas/skill-menu.ts'
import { type AvailableSkill, availableSkills } from '../install/resolve.ts'
import { type FetchOptions, fetchBytes } from './fetch.ts'
import { wanted } from './place.ts'
import type { ReleaseSource } from './release-source.ts'
import { parseMenu, sameOrigin } from './verify.ts'

/** A menu of ten thousand skills is smaller; bytes. */
const MENU_MAX = 4 * 1024 * 1024

/**
 * What the menus at an address say, all of one release.
 * @throws {CommandError} `run/menu-invalid` or what fetching ends with
 */
export async function releaseByMenus(options: FetchOptions): Promise<ReleaseSource> {
  const menuUrl = `${options.base.replace(/\/+$/, '')}/agent-menu.json`
  const { bytes, headers } = await fetchBytes(menuUrl, { ...options, maxBytes: MENU_MAX }).catch((error) => {
    if (!(error instanceof CommandError) || error.code !== 'run/not-served') throw error
    throw new CommandError(error.code, `${error.message}. ${wanted(options.base)}`, { cause: error })
  })
  const menu = parseMenu(agentMenuSchema, menuUrl, bytes)
  return {
    release: menu.buildVersion,
    channel: channelName.safeParse(headers.get('mill-channel')).data ?? null,
    flows: menu.flows,
    skills: () => fetchSkillMenu(menu, options),
  }
}

/** The menu of the very release that the agent menu belongs to. */
async function fetchSkillMenu(
  menu: { readonly releaseUrl: string; readonly buildVersion: string },
  options: FetchOptions,
): Promise<readonly AvailableSkill[]> {
  const url = sameOrigin(options.base, menu.releaseUrl).href.replace(/\/*$/, '/skill-menu.json')
  const { bytes } = await fetchBytes(url, { ...options, maxBytes: MENU_MAX })
  const skillMenu = parseMenu(skillMenuSchema, url, bytes)
  if (skillMenu.buildVersion === menu.buildVersion) return availableSkills(skillMenu)
  throw new CommandError(
    'run/menu-invalid',
    `Cannot read "${url}": at buildVersion: expected "${menu.buildVersion}" as in the agent menu, got "${skillMenu.buildVersion}"`,
  )
}
