import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {RepbenchError} from '../../protocol/errors.js'

/**
 * Directories and files that are their owner's alone: what repbench keeps tells addresses, keys and values.
 * None is made through a symbolic link, so that no other user chooses where it lies.
 */

const DIRECTORY_MODE = 0o700
const FILE_MODE = 0o600
/** What others may do. */
const OTHERS = 0o077

/** Not there on every system. */
const NOFOLLOW = constants.O_NOFOLLOW ?? 0
const NONBLOCK = constants.O_NONBLOCK ?? 0

/** A file or directory of the state that is not what repbench makes. */
class PrivateFileError extends RepbenchError {
  constructor(expected: string, got: string) {
    super('ERR_PRIVATE_FILE', `Expected ${expected}, got ${got}`)
  }
}

/**
 * Makes a directory, and those above it that are lacking. From `root` down to `path` all are narrowed
 * to their owner, with what is in them, where an earlier version or somebody else has left them wider.
 * @throws the error of the directory that can't be made: EROFS and the like, not ENOENT of one below it
 */
export function makePrivateDirectory(path: string, {root = path}: {root?: string} = {}): void {
  const below = relative(root, path).split('/').filter(Boolean)
  if (below[0] === '..') throw new PrivateFileError(`a directory below ${root}`, path)
  let directory = root
  makeDirectory(directory)
  narrowDirectory(directory)
  for (const name of below) {
    directory = join(directory, name)
    makeDirectory(directory)
    narrowDirectory(directory)
  }
}

/**
 * Narrows a directory, with what is in it, if it is there and can be narrowed.
 * @returns false when it is another user's, or a symbolic link: nothing must be written there
 */
export function narrowIfThere(path: string): boolean {
  try {
    narrowDirectory(path)
    return true
  } catch (error) {
    return !(error instanceof PrivateFileError)
  }
}

/** Adds to a file, which is made if it is not there. */
export function appendPrivateFile(path: string, text: string): void {
  const {O_APPEND, O_CREAT, O_WRONLY} = constants
  const file = openSync(path, O_APPEND | O_CREAT | O_WRONLY | NOFOLLOW | NONBLOCK, FILE_MODE)
  try {
    const {mode} = assertOwnFile(file, path)
    if ((mode & OTHERS) !== 0) fchmodSync(file, FILE_MODE)
    appendFileSync(file, text)
  } finally {
    closeSync(file)
  }
}

/**
 * Writes a file that is there as a whole or not at all, instead of one that was there before.
 * @param lasting whether it must survive a power cut, which takes time
 */
export function writePrivateFile(path: string, text: string, {lasting = false}: {lasting?: boolean} = {}): void {
  const unfinished = `${path}.${process.pid}.tmp`
  try {
    // Left by a process of the same id that was killed.
    rmSync(unfinished, {force: true})
    writeFileSync(unfinished, text, {flag: 'wx', mode: FILE_MODE, flush: lasting})
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, {force: true})
    throw error
  }
}

/** Whether a path leads to a file of this user, not through a link. */
export function isOwnFile(path: string): boolean {
  const found = lstatSync(path)
  return found.isFile() && isOurs(found.uid)
}

/** Tries whether a directory takes files. @throws what the system says to it */
export function assertTakesFiles(directory: string): void {
  const path = join(directory, `.${process.pid}.tmp`)
  rmSync(path, {force: true})
  try {
    writeFileSync(path, 'x', {flag: 'wx', mode: FILE_MODE})
  } finally {
    rmSync(path, {force: true})
  }
}

function assertOwnFile(file: number, path: string): {readonly mode: number} {
  const found = fstatSync(file)
  if (!found.isFile()) throw new PrivateFileError('a regular file', `${path}, which is none`)
  assertOurs(found.uid, path)
  return found
}

/** Node's own recursive mkdir says ENOENT where the reason is another, such as a file system without writing. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, {mode: DIRECTORY_MODE})
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    makeDirectory(dirname(path))
    mkdirSync(path, {mode: DIRECTORY_MODE})
  }
}

function narrowDirectory(path: string): void {
  const found = lstatSync(path)
  if (found.isSymbolicLink()) throw new PrivateFileError('a directory of its own', `${path}, a symbolic link`)
  if (!found.isDirectory()) throw new PrivateFileError('a directory', `${path}, which is none`)
  assertOurs(found.uid, path)
  if ((found.mode & OTHERS) === 0) return
  // By its descriptor: it may have been exchanged meanwhile.
  const directory = openSync(path, constants.O_RDONLY | NOFOLLOW | (constants.O_DIRECTORY ?? 0))
  try {
    fchmodSync(directory, DIRECTORY_MODE)
  } finally {
    closeSync(directory)
  }
  // Nobody else can reach or exchange them from now on.
  for (const entry of readdirSync(path, {withFileTypes: true})) {
    const inside = join(path, entry.name)
    if (entry.isDirectory()) narrowDirectory(inside)
    else if (entry.isFile()) narrowFile(inside)
  }
}

function narrowFile(path: string): void {
  const {mode} = lstatSync(path)
  if ((mode & OTHERS) !== 0) chmodSync(path, FILE_MODE)
}

/** Root may write where its user keeps things. */
function isOurs(uid: number): boolean {
  const own = process.geteuid?.()
  return own === undefined || own === 0 || uid === own
}

function assertOurs(uid: number, path: string): void {
  if (isOurs(uid)) return
  throw new PrivateFileError('a directory or file of this user', `${path}, which belongs to user ${uid}`)
}
