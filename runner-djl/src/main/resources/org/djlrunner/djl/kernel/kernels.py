class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # tensors: weight, gradient, buffer, all flat. options: lr, momentum, dampening, weight_decay,
  # nesterov, first, slice. Updates weight and buffer in place, slice by slice, so that temporaries
  # stay in a processor's cache; leaves the gradient as it is.
  def sgd(self: __torch__.Kernels,
      tensors: List[Tensor],
      options: List[float]) -> int:
    lr, momentum, dampening, weight_decay, nesterov, first, slice = options
    size = torch.size(tensors[0], 0)
    start = 0
    while torch.lt(start, size):
      length = torch.sub(size, start)
      if torch.lt(int(slice), length):
        length = int(slice)
      weight = torch.narrow(tensors[0], 0, start, length)
      direction = torch.narrow(tensors[1], 0, start, length)
      if torch.ne(weight_decay, 0.):
        direction = torch.add(direction, weight, alpha=weight_decay)
      if torch.ne(momentum, 0.):
        buffer = torch.narrow(tensors[2], 0, start, length)
        if torch.ne(first, 0.):
          _0 = torch.copy_(buffer, direction)
        else:
          _1 = torch.add_(torch.mul_(buffer, momentum), direction, alpha=torch.sub(1., dampening))
        if torch.ne(nesterov, 0.):
          direction = torch.add(direction, buffer, alpha=momentum)
        else:
          direction = buffer
      _2 = torch.add_(weight, direction, alpha=torch.neg(lr))
      start = torch.add(start, length)
    return size

  # options: max_norm, norm_type, slice. Scales the flat gradient in place so that its norm is at
  # most max_norm; returns the norm before, float32. Sums of slices are added up at float64.
  def clip_norm(self: __torch__.Kernels,
      gradient: Tensor,
      options: List[float]) -> Tensor:
    max_norm, norm_type, slice = options
    size = torch.size(gradient, 0)
    total = torch.to(torch.zeros_like(torch.narrow(gradient, 0, 0, 1)), 7)
    start = 0
    while torch.lt(start, size):
      length = torch.sub(size, start)
      if torch.lt(int(slice), length):
        length = int(slice)
      piece = torch.narrow(gradient, 0, start, length)
      if torch.eq(norm_type, 2.):
        total = torch.add(total, torch.to(torch.sum(torch.mul(piece, piece)), 7))
      else:
        if torch.eq(norm_type, float('inf')):
          total = torch.maximum(total, torch.to(torch.max(torch.abs(piece)), 7))
        else:
          total = torch.add(total, torch.to(torch.sum(torch.pow(torch.abs(piece), norm_type)), 7))
      start = torch.add(start, length)
    if torch.eq(norm_type, 2.):
      total = torch.sqrt(total)
    else:
      if torch.ne(norm_type, float('inf')):
        total = torch.pow(total, torch.div(1., norm_type))
    norm = torch.squeeze(torch.to(total, 6))
    scale = torch.clamp(torch.div(torch.mul(torch.ones_like(norm), max_norm), torch.add(norm, 9.9999999999999995e-07)), None, 1.)
    _0 = torch.mul_(gradient, scale)
    return norm
