/** Records as runs on an MLflow server. */
@NullMarked
package org.djlrunner.log.mlflow;

import org.jspecify.annotations.NullMarked;
