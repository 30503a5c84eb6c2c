import type {BackendSpec} from './backend.js'

export const embedded = {
  name: 'embedded',
  program: null,
  replication: 'embedded',
  takes: ['queueLimit', 'resilient'],
  args({replicate, besideRepcached}) {
    if (replicate === null) return ['--no-replication']
    return besideRepcached ? [...replicate, '--like-repcached'] : replicate
  },
} as const satisfies BackendSpec
