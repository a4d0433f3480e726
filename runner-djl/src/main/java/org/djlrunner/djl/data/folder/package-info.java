/** Image files in folders: a folder for each class, or a list of files with their classes. */
@NullMarked
package org.djlrunner.djl.data.folder;

import org.jspecify.annotations.NullMarked;
