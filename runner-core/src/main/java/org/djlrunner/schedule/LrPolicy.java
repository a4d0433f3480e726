package org.djlrunner.schedule;

/** The shape of a learning-rate schedule. */
public sealed interface LrPolicy extends Policy
    permits Fixed,
        Step,
        Exp,
        Poly,
        Inv,
        CosineAnnealing,
        FlatCosineAnnealing,
        CosineRestart,
        LinearAnnealing,
        Cyclic,
        OneCycle,
        Sequential {}
