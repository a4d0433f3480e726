package org.djlrunner.schedule;

/** What a config's {@code lr_config} can ask for. */
public sealed interface LrPlan permits LrSchedule, Plateau {}
