import type { Session } from '../session.ts'
import { resumption } from './resume.ts'

/** Puts on record what will run, or that it goes on. */
export async function begin({ options, registry, ledger, folder, project, decided }: Session): Promise<void> {
  await ledger.transact((head) => {
    const { concurrency, harness, launchedAt } = options
    if (head.started) return { events: resumption(head, { launchedAt, harness }), answer: undefined }
    const { flow, release, channel } = registry
    return {
      events: [
        {
          e: 'run-started',
          run: folder.id,
          flow,
          release,
          channel,
          framework: project.framework,
          harness: harness.name,
          concurrency,
          launchedAt,
          sequence: decided.sequence,
          decidedBy: decided.by,
          decidedWhy: decided.why,
        },
      ],
      answer: undefined,
    }
  })
}
