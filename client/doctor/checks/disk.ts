import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '../finding.ts'

const SUBJECT = 'disk'
/** A run writes little; what agents install may not be. */
const COMFORTABLE_BYTES = 200 * 1024 * 1024

/** Whether a run could write its folder into the app. Tried, and taken away again. */
export async function checkDisk(app: string): Promise<Finding> {
  try {
    if (!(await stat(app)).isDirectory()) throw new Error('it is not a folder')
    const tried = await mkdtemp(join(app, '.mill-doctor-'))
    try {
      await writeFile(join(tried, 'tried'), 'tried')
    } finally {
      await rm(tried, { recursive: true, force: true })
    }
  } catch (error) {
    const found = `Cannot write in ${app}: ${(error as Error).message}`
    return { subject: SUBJECT, status: 'problem', found, fix: 'Name a folder of your own: mill doctor <app>' }
  }
  const { bavail, bsize } = await statfs(app)
  const free = bavail * bsize
  const found = `${app} can be written, ${Math.floor(free / 1024 / 1024)} MiB are free`
  if (free >= COMFORTABLE_BYTES) return { subject: SUBJECT, status: 'ok', found }
  return { subject: SUBJECT, status: 'note', found, fix: 'Make room before a run installs packages' }
}
