  # numbers: slice, row width, max_norm, norm_type, then rows of offset, state offset, length.
  # Scales these ranges of the flat gradient in place so that their common norm is at most max_norm;
  # returns the norm before, float32. Sums of slices are added up at float64.
  def clip_norm(self: __torch__.Kernels,
      gradient: Tensor,
      numbers: List[float]) -> Tensor:
    slice = int(numbers[0])
    width = int(numbers[1])
    max_norm = numbers[2]
    norm_type = numbers[3]
    total = torch.to(torch.zeros_like(torch.narrow(gradient, 0, 0, 1)), 7)
    for row in range(4, torch.len(numbers), width):
      range_ = torch.narrow(gradient, 0, int(numbers[row]), int(numbers[torch.add(row, 2)]))
      for piece in torch.split(range_, slice):
        if torch.eq(norm_type, 2.):
          total = torch.add(total, torch.to(torch.sum(torch.mul(piece, piece)), 7))
        else:
          if torch.eq(norm_type, float('inf')):
            total = torch.maximum(total, torch.to(torch.max(torch.abs(piece)), 7))
          else:
            total = torch.add(total, torch.to(torch.sum(torch.pow(torch.abs(piece), norm_type)), 7))
    if torch.eq(norm_type, 2.):
      total = torch.sqrt(total)
    else:
      if torch.ne(norm_type, float('inf')):
        total = torch.pow(total, torch.div(1., norm_type))
    norm = torch.squeeze(torch.to(total, 6))
    scale = torch.clamp(torch.div(torch.mul(torch.ones_like(norm), max_norm), torch.add(norm, 9.9999999999999995e-07)), None, 1.)
    for row in range(4, torch.len(numbers), width):
      _0 = torch.mul_(torch.narrow(gradient, 0, int(numbers[row]), int(numbers[torch.add(row, 2)])), scale)
    return norm

  # numbers: slice, row width, factor, then rows of offset, state offset, length. Multiplies these
  # ranges of the flat gradient in place; returns 1 if all of them is finite then, else 0, float32.
  # A sum is finite unless an element is not, or all are near the type's end.
  def scale(self: __torch__.Kernels,
      gradient: Tensor,
      numbers: List[float]) -> Tensor:
    slice = int(numbers[0])
    width = int(numbers[1])
    factor = numbers[2]
    finite = torch.ones_like(torch.squeeze(torch.narrow(gradient, 0, 0, 1)))
    for row in range(3, torch.len(numbers), width):
      range_ = torch.narrow(gradient, 0, int(numbers[row]), int(numbers[torch.add(row, 2)]))
      for piece in torch.split(range_, slice):
        if torch.ne(factor, 1.):
          _0 = torch.mul_(piece, factor)
        total = torch.sum(torch.mul(piece, 0.))
        finite = torch.mul(finite, torch.to(torch.eq(total, 0.), 6))
    return finite

  # numbers: slice, row width, bound, then rows of offset, state offset, length. Bounds the elements
  # of these ranges to -bound..bound, in place.
  def clip_value(self: __torch__.Kernels,
      gradient: Tensor,
      numbers: List[float]) -> Tensor:
    width = int(numbers[1])
    bound = numbers[2]
    for row in range(3, torch.len(numbers), width):
      range_ = torch.narrow(gradient, 0, int(numbers[row]), int(numbers[torch.add(row, 2)]))
      _0 = torch.clamp_(range_, torch.neg(bound), bound)
    return gradient

  # numbers: slice, row width, then rows of offset, state offset, length, number. The largest magnitude
  # in each of these ranges, [rows] float32.
  def largest(self: __torch__.Kernels,
      gradient: Tensor,
      numbers: List[float]) -> Tensor:
    width = int(numbers[1])
    largest = annotate(List[Tensor], [])
    for row in range(2, torch.len(numbers), width):
      range_ = torch.narrow(gradient, 0, int(numbers[row]), int(numbers[torch.add(row, 2)]))
      _0 = torch.append(largest, torch.max(torch.abs(range_)))
    return torch.stack(largest)

  # tensors: sum, gradient. numbers: slice, row width, then rows of offset, state offset, length,
  # add. Adds the gradient to the sum where add is 1, and overwrites the sum with it where it is 0.
  def accumulate(self: __torch__.Kernels,
      tensors: List[Tensor],
      numbers: List[float]) -> int:
    width = int(numbers[1])
    for row in range(2, torch.len(numbers), width):
      start = int(numbers[row])
      length = int(numbers[torch.add(row, 2)])
      into = torch.narrow(tensors[0], 0, start, length)
      if torch.ne(numbers[torch.add(row, 3)], 0.):
        _0 = torch.add_(into, torch.narrow(tensors[1], 0, start, length))
      else:
        _1 = torch.copy_(into, torch.narrow(tensors[1], 0, start, length))
    return torch.len(numbers)
