/** Installs what it is told to, a line each: `<skill> <files>`; answers `ok` or the code of the refusal. */
import { createInterface } from 'node:readline'
import { installer } from '../../../client/install/install.ts'
import { skillFiles } from './skill-files.ts'

const [app = '', skillsFolder = ''] = process.argv.slice(2)
const install = installer({ app, skillsFolder })
process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [id = '', count = '0'] = line.split(' ')
  const answer = await install(id, async () => skillFiles(id, Number(count))).then(
    () => 'ok',
    (error: { code?: string; message: string }) => `${error.code} ${error.message}`,
  )
  process.stdout.write(`${answer}\n`)
}
