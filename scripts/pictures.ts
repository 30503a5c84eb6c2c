import {mkdirSync} from 'node:fs'
import {drillScenes} from './pictures/drill-scenes.ts'
import {pairScenes} from './pictures/pair-scenes.ts'
import {directory, PictureSession} from './pictures/session.ts'

/**
 * Makes docs/pictures from sessions with the built program, typed as docs/guide.md
 * says. What they show was measured while they were taken. Arguments: which
 * sessions, pair or drill; both without any.
 */
const sessions: Readonly<Record<string, (session: PictureSession) => Promise<void>>> = {
  pair: pairScenes,
  drill: drillScenes,
}

mkdirSync(directory, {recursive: true})
const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : Object.keys(sessions)) {
  const play = sessions[name]
  if (play === undefined) throw new Error(`Expected one of ${Object.keys(sessions).join(', ')}, got ${name}`)
  const session = new PictureSession()
  try {
    await play(session)
  } finally {
    await session.close()
  }
}
