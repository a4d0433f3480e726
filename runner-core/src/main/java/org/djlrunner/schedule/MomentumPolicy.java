package org.djlrunner.schedule;

/** The shape of a schedule of momentum: SGD's momentum or the first of Adam's betas. */
public sealed interface MomentumPolicy extends Policy
    permits Step, CosineAnnealing, LinearAnnealing, Cyclic, OneCycleMomentum {}
