package org.djlrunner.djl.vision;

/**
 * A network that takes images of any height and width with the same parameters, as those do that
 * end in a mean over the image.
 *
 * <p>A config may then evaluate at another size than it trains at. Networks of yours that can do so
 * say it by this interface.
 */
public interface AnyImageSize {}
