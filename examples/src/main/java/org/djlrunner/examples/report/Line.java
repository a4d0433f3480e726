package org.djlrunner.examples.report;

/**
 * A curve as it is drawn.
 *
 * @param label what the legend says
 * @param color the number of its color, from 0
 * @param dash the number of its dash pattern, 0 for none
 * @param dots whether points are marked: values that are few and far between
 * @param curve the values
 */
record Line(String label, int color, int dash, boolean dots, Curve curve) {}
