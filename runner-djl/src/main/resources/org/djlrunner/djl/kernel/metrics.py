  # Classes of labels: [N] int64 as they are, of [N, C] float32 the largest.
  def classes(self: __torch__.Kernels,
      labels: Tensor) -> Tensor:
    if torch.eq(torch.dim(labels), 2):
      classes = torch.argmax(labels, 1)
    else:
      classes = labels
    return classes

  # Whether the class of each sample is among its k largest logits, [N, K]; named [N, 1] are classes
  # from 0. Of equal logits the lower class is the larger one; a logit that is not a number outranks
  # all numbers, and is never a hit itself.
  def ranked(self: __torch__.Kernels,
      logits: Tensor,
      target: Tensor,
      ks: Tensor) -> Tensor:
    value = torch.gather(logits, 1, target)
    columns = torch.arange(torch.size(logits, 1), dtype=4, layout=None, device=ops.prim.device(logits))
    larger = torch.logical_not(torch.le(logits, value))
    equal = torch.logical_and(torch.eq(logits, value), torch.lt(columns, target))
    rank = torch.sum(torch.logical_or(larger, equal), [1], True)
    return torch.logical_and(torch.lt(rank, ks), torch.eq(value, value))

  # The hits for each k, then as often the samples that count.
  def tally(self: __torch__.Kernels,
      hit: Tensor,
      counts: Tensor) -> List[Tensor]:
    hits = torch.sum(torch.to(torch.logical_and(hit, counts), 6), [0])
    counted = torch.expand_as(torch.sum(torch.to(counts, 6), [0]), hits)
    return torch.unbind(torch.cat([hits, counted]))

  # arrays: logits [N, C], labels [N] int64 or [N, C] float32, ks [K] int64. For each k the samples
  # whose class is among the k largest logits, then as often the samples that count, [] float32 each.
  # A label of -100 doesn't count.
  def top_k(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    logits, labels, ks, = arrays
    named = torch.unsqueeze((self).classes(labels, ), 1)
    counts = torch.ne(named, -100)
    return (self).tally((self).ranked(logits, torch.mul(named, counts), ks, ), counts, )

  # The same with a threshold, [] float32, as a further array: the softmax of the class must be above.
  def top_k_above(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    logits, labels, ks, least, = arrays
    named = torch.unsqueeze((self).classes(labels, ), 1)
    counts = torch.ne(named, -100)
    target = torch.mul(named, counts)
    sure = torch.gt(torch.gather(torch.softmax(logits, 1, 6), 1, target), least)
    hit = torch.logical_and((self).ranked(logits, target, ks, ), sure)
    return (self).tally(hit, counts, )

  # Adds samples to counts [C * (C + 1)] int64 in place. The cell of a sample is its class's row and
  # the predicted class's column; the column behind the classes is for the samples of unsure [N] bool.
  # A label of -100 doesn't count.
  def count_cells(self: __torch__.Kernels,
      counts: Tensor,
      logits: Tensor,
      labels: Tensor,
      unsure: Tensor) -> List[Tensor]:
    named = (self).classes(labels, )
    counted = torch.to(torch.ne(named, -100), 4)
    classes = torch.size(logits, 1)
    best = torch.argmax(logits, 1)
    column = torch.add(best, torch.mul(torch.to(unsure, 4), torch.rsub(best, classes)))
    cell = torch.add(torch.mul(torch.mul(named, counted), torch.add(classes, 1)), column)
    _0 = torch.scatter_add_(counts, 0, cell, counted)
    return [counts]

  # arrays: counts [C * (C + 1)] int64, updated in place; logits [N, C]; labels [N] int64 or [N, C]
  # float32. A sample with a logit that is not a number has no prediction.
  def confusion(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    counts, logits, labels, = arrays
    broken = torch.any(torch.ne(logits, logits), 1)
    return (self).count_cells(counts, logits, labels, broken, )

  # The same with a threshold, [] float32, as a further array: nor has one whose largest softmax is
  # not above.
  def confusion_above(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    counts, logits, labels, least, = arrays
    largest = torch.amax(torch.softmax(logits, 1, 6), [1])
    unsure = torch.logical_not(torch.gt(largest, least))
    return (self).count_cells(counts, logits, labels, unsure, )

  # arrays: sums [B, 3] float64, updated in place: samples, confidences and hits of each bin of
  # confidence, a border belonging to the bin below; logits [N, C]; labels [N] int64 or [N, C]
  # float32. A sample with a logit that is not a number is wrong with confidence 1. A product instead
  # of a scattered sum, so that a GPU adds in one order too.
  def calibration(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    sums, logits, labels, = arrays
    named = (self).classes(labels, )
    counted = torch.to(torch.ne(named, -100), 7)
    broken = torch.any(torch.ne(logits, logits), 1)
    best = torch.argmax(logits, 1)
    right = torch.logical_and(torch.eq(best, named), torch.logical_not(broken))
    largest = torch.amax(torch.softmax(logits, 1, 6), [1])
    confidence = torch.masked_fill(largest, broken, 1.)
    bins = torch.size(sums, 0)
    above = torch.to(torch.ceil(torch.mul(confidence, bins)), 4)
    place = torch.clamp(torch.sub(above, 1), 0, torch.sub(bins, 1))
    columns = torch.arange(bins, dtype=4, layout=None, device=ops.prim.device(logits))
    member = torch.to(torch.eq(torch.unsqueeze(columns, 1), torch.unsqueeze(place, 0)), 7)
    sure = torch.mul(torch.to(confidence, 7), counted)
    hits = torch.mul(torch.to(right, 7), counted)
    _0 = torch.add_(sums, torch.matmul(member, torch.stack([counted, sure, hits], 1)))
    return [sums]
