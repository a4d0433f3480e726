/**
 * What {@code ./runner report} shows: reading work folders ({@link
 * org.djlrunner.examples.report.WorkFolder}), which curves stand in which chart ({@link
 * org.djlrunner.examples.report.Charts}), and the page ({@link
 * org.djlrunner.examples.report.ReportPage}) and images ({@link
 * org.djlrunner.examples.report.ChartImages}) drawn from them.
 */
@NullMarked
package org.djlrunner.examples.report;

import org.jspecify.annotations.NullMarked;
