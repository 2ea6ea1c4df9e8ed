import { z } from 'zod'

const resource = z.object({
  mimeType: z.string().min(1),
  description: z.string().min(1),
  text: z.string().min(1),
})

const common = {
  id: z.string().min(1),
  name: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()),
  uri: z.string().min(1),
  resource,
}

const skillResourceSchema = z.object({
  ...common,
  /** `<id>.zip`, beside the manifest. */
  file: z.string().min(1),
  downloadUrl: z.url(),
})

const docResourceSchema = z.object(common)

/** `manifest.json`, read by an MCP service that refuses all of it when one resource lacks a field. */
export const manifestSchema = z.object({
  version: z.literal('1.0'),
  buildVersion: z.string().min(1),
  resources: z.array(z.union([skillResourceSchema, docResourceSchema])),
})
export type Manifest = z.infer<typeof manifestSchema>
