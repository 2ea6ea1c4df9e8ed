import { PathRefusedError, type Place, placeInside } from './inside.ts'
import { holdsSecrets } from './names.ts'

/**
 * A place inside the app that holds no secrets by its name, neither as asked for nor behind links.
 * @throws PathRefusedError otherwise
 */
export async function placeWithoutSecrets(app: string, path: string): Promise<Place> {
  const place = await placeInside(app, path)
  if (`${place.asked}/${place.relative}`.split('/').some(holdsSecrets)) {
    throw new PathRefusedError(
      `Cannot use ${JSON.stringify(path)}: files of environment values are closed, ".env.example" is open`,
    )
  }
  return place
}
