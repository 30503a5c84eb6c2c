import {type BackendSpec, memcachedArgs, readMemcachedVersion, readRepcachedVersion} from './backend.js'

export const repcached = {
  name: 'repcached',
  program: {
    name: 'repcached',
    title: 'the real repcached',
    // One that was built, not packaged, is called memcached.
    files: ['repcached', 'memcached'],
    hint: 'build it from its source (a memcached configured with --enable-replication) and name the file in REPCACHED_BIN',
    identify(answer) {
      const [version, memcachedVersion] = [readRepcachedVersion(answer), readMemcachedVersion(answer)]
      return version === null || memcachedVersion === null ? null : {version, memcachedVersion}
    },
    describe: version => `a repcached ${version}, which is no native memcached`,
  },
  replication: 'repcached',
  takes: ['threads', 'queueLimit'],
  // From 2.3 on, it reads `-X 11212:11216` as 11212 and says nothing.
  readsCrossedPorts(version) {
    const [major = 0, minor = 0] = version.split('.').map(Number)
    return major < 2 || (major === 2 && minor < 3)
  },
  // It always has a replication port: any, so that several nodes without a peer fit on one machine.
  args: ({replicate, asRoot}) => [...memcachedArgs(asRoot), ...(replicate ?? ['-X', '0'])],
} as const satisfies BackendSpec
