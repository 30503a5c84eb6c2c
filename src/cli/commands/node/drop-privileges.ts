import {execFileSync} from 'node:child_process'
import {RepbenchError} from '../../../protocol/errors.js'

/**
 * Becomes another user for good, as memcached does with `-u` before it binds its
 * ports. Without root's rights it does nothing, like memcached.
 * @throws RepbenchError `ERR_USER` when there is no such user, or the system refuses
 */
export function dropPrivileges(user: string): void {
  if (process.geteuid?.() !== 0 || process.setuid === undefined || process.setgid === undefined) return
  const {uid, gid} = lookUp(user)
  try {
    process.setgroups?.([gid])
    process.setgid(gid)
    process.setuid(uid)
  } catch (error) {
    throw new RepbenchError('ERR_USER', `failed to assume identity of user ${user}`, {cause: error})
  }
}

/** By the id program: it asks every source of users that the system has. */
function lookUp(user: string): {uid: number; gid: number} {
  try {
    const [uid, gid] = ['-u', '-g'].map(flag =>
      Number(execFileSync('id', [flag, '--', user], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})),
    )
    return {uid: uid!, gid: gid!}
  } catch (error) {
    throw new RepbenchError('ERR_USER', `can't find the user ${user} to switch to`, {cause: error})
  }
}
