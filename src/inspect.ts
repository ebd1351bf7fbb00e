/** For inspectors of large pools: `xstate-taskpool/inspect`. */

export {};
