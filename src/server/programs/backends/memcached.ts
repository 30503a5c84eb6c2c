import {type BackendSpec, memcachedArgs, readMemcachedVersion, readRepcachedVersion} from './backend.js'

export const memcached = {
  name: 'memcached',
  program: {
    name: 'memcached',
    title: 'the native memcached',
    files: ['memcached'],
    hint: 'install it (Debian, Ubuntu: apt install memcached; Fedora: dnf install memcached; macOS: brew install memcached)',
    identify(answer) {
      const version = readMemcachedVersion(answer)
      return version === null || readRepcachedVersion(answer) !== null ? null : {version, memcachedVersion: version}
    },
    describe: version => `a memcached ${version} without replication`,
  },
  replication: null,
  takes: ['threads'],
  args: ({asRoot}) => memcachedArgs(asRoot),
} as const satisfies BackendSpec
