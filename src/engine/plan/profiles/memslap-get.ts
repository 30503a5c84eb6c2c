import {checkPlan} from '../plan.js'
import {memslapSet} from './memslap-set.js'
import type {Profile} from './profile.js'

const plan = checkPlan({
  ...memslapSet.plan,
  name: 'memslap-get',
  mix: [{method: 'get', weight: 1}],
  prefill: true,
  keyDistribution: {kind: 'uniform'},
})

export const memslapGet: Profile = {
  summary: 'what `memcslap --test=get` sends: 10,000 gets of random keys, stored before, on one connection',
  about:
    "memcslap's defaults: it stores --execute-number=10000 keys (values of 50 to 5000 bytes) and then gets as many of them " +
    'at random. repbench memslap has its command line and its output.',
  plan,
}
