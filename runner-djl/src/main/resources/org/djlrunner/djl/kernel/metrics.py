  # Classes of labels: [N] int64 as they are, of [N, C] float32 the largest.
  def classes(self: __torch__.Kernels,
      labels: Tensor) -> Tensor:
    if torch.eq(torch.dim(labels), 2):
      classes = torch.argmax(labels, 1)
    else:
      classes = labels
    return classes

  # arrays: logits [N, C], labels [N] int64 or [N, C] float32, ks [K] int64. For each k the samples
  # whose class is among the k largest logits, then as often the samples that count, [] float32 each.
  # A label of -100 doesn't count. Of equal logits the lower class is the larger one; a logit that is
  # not a number outranks all numbers, and is never a hit itself.
  def top_k(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    logits, labels, ks, = arrays
    named = torch.unsqueeze((self).classes(labels, ), 1)
    counts = torch.ne(named, -100)
    target = torch.mul(named, counts)
    value = torch.gather(logits, 1, target)
    columns = torch.arange(torch.size(logits, 1), dtype=4, layout=None, device=ops.prim.device(logits))
    larger = torch.logical_not(torch.le(logits, value))
    equal = torch.logical_and(torch.eq(logits, value), torch.lt(columns, target))
    rank = torch.sum(torch.logical_or(larger, equal), [1], True)
    hit = torch.logical_and(torch.lt(rank, ks), torch.eq(value, value))
    hits = torch.sum(torch.to(torch.logical_and(hit, counts), 6), [0])
    counted = torch.expand_as(torch.sum(torch.to(counts, 6), [0]), hits)
    return torch.unbind(torch.cat([hits, counted]))

  # arrays: counts [C * (C + 1)] int64, updated in place; logits [N, C]; labels [N] int64 or [N, C]
  # float32. The cell of a sample is its class's row and the predicted class's column; the column
  # behind the classes is for samples with a logit that is not a number. A label of -100 doesn't
  # count.
  def confusion(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    counts, logits, labels, = arrays
    named = (self).classes(labels, )
    counted = torch.to(torch.ne(named, -100), 4)
    classes = torch.size(logits, 1)
    broken = torch.to(torch.any(torch.ne(logits, logits), 1), 4)
    best = torch.argmax(logits, 1)
    column = torch.add(best, torch.mul(broken, torch.rsub(best, classes)))
    cell = torch.add(torch.mul(torch.mul(named, counted), torch.add(classes, 1)), column)
    _0 = torch.scatter_add_(counts, 0, cell, counted)
    return [counts]
