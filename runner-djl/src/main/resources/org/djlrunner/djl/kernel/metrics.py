  # arrays: logits [N, C], labels [N] int64, ks [K] int64. For each k the samples whose label is
  # among the k largest logits, [] float32. Of equal logits the lower class is the larger one; a
  # logit that is not a number outranks all numbers, and is never a hit itself.
  def top_k(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    logits, labels, ks, = arrays
    target = torch.unsqueeze(labels, 1)
    value = torch.gather(logits, 1, target)
    classes = torch.arange(torch.size(logits, 1), dtype=4, layout=None, device=ops.prim.device(logits))
    larger = torch.logical_not(torch.le(logits, value))
    equal = torch.logical_and(torch.eq(logits, value), torch.lt(classes, target))
    rank = torch.sum(torch.logical_or(larger, equal), [1], True)
    hit = torch.logical_and(torch.lt(rank, ks), torch.eq(value, value))
    return torch.unbind(torch.sum(torch.to(hit, 6), [0]))

  # arrays: counts [C * (C + 1)] int64, updated in place; logits [N, C]; labels [N] int64. The cell
  # of a sample is its label's row and the predicted class's column; the column behind the classes
  # is for samples with a logit that is not a number.
  def confusion(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    counts, logits, labels, = arrays
    classes = torch.size(logits, 1)
    broken = torch.to(torch.any(torch.ne(logits, logits), 1), 4)
    best = torch.argmax(logits, 1)
    column = torch.add(best, torch.mul(broken, torch.rsub(best, classes)))
    cell = torch.add(torch.mul(labels, torch.add(classes, 1)), column)
    _0 = torch.scatter_add_(counts, 0, cell, torch.ones_like(cell))
    return [counts]
