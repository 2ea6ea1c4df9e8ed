import { z } from 'zod'

/** `channels.yaml` on the default branch: which branches are channels beside it. */
export const channelsSchema = z.strictObject({
  /** Names of branches, in which `*` stands for any letters. */
  branches: z
    .array(z.string().min(1).max(200).regex(/^\S+$/, 'expected the name of a branch, such as "experiment/*"'))
    .max(100),
})
