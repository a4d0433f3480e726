/**
 * Config files: loading, inheritance, overrides, dumping, and typed reading with located errors.
 *
 * <p>A {@link org.djlrunner.config.Config} is data only: nothing in it is ever executed. A {@link
 * org.djlrunner.config.ConfigReader} reads one mapping of it, a {@link
 * org.djlrunner.config.Registry} turns a mapping with a {@code type} into an object, and both put
 * what is wrong into one {@link org.djlrunner.config.ConfigErrors}, so that a user sees every
 * mistake at once.
 */
@NullMarked
package org.djlrunner.config;

import org.jspecify.annotations.NullMarked;
