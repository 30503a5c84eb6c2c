import fc from 'fast-check'

// A mutant that a property notices need not be reduced to its smallest example.
fc.configureGlobal({endOnFailure: true})
