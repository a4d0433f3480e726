package org.djlrunner.djl.data;

import java.io.IOException;

/**
 * Images as files hold them: JPEG, PNG and so on, of any size, decoded by the loader's workers.
 *
 * <p>Data sets of folders, lists of files and archives implement this. All methods may be called by
 * several threads at a time.
 */
public non-sealed interface EncodedImages extends LabelledImages {
  /**
   * The bytes of a sample's image file, all of them; the caller may keep the array.
   *
   * @throws IOException if they can't be read; the loader adds {@link #name}
   */
  byte[] encoded(int index) throws IOException;
}
