  # options: max_norm, norm_type, slice. Scales the flat gradient in place so that its norm is at
  # most max_norm; returns the norm before, float32. Sums of slices are added up at float64.
  def clip_norm(self: __torch__.Kernels,
      gradient: Tensor,
      options: List[float]) -> Tensor:
    max_norm, norm_type, slice = options
    total = torch.to(torch.zeros_like(torch.narrow(gradient, 0, 0, 1)), 7)
    for piece in torch.split(gradient, int(slice)):
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
    _0 = torch.mul_(gradient, scale)
    return norm

  # options: factor, slice. Multiplies the flat gradient in place; returns 1 if all of it is finite
  # then, else 0, float32. A sum is finite unless an element is not, or all are near the type's end.
  def scale(self: __torch__.Kernels,
      gradient: Tensor,
      options: List[float]) -> Tensor:
    factor, slice = options
    finite = torch.ones_like(torch.squeeze(torch.narrow(gradient, 0, 0, 1)))
    for piece in torch.split(gradient, int(slice)):
      if torch.ne(factor, 1.):
        _0 = torch.mul_(piece, factor)
      total = torch.sum(torch.mul(piece, 0.))
      finite = torch.mul(finite, torch.to(torch.eq(total, 0.), 6))
    return finite

  # Bounds the elements of the flat gradient to -options[0]..options[0], in place.
  def clip_value(self: __torch__.Kernels,
      gradient: Tensor,
      options: List[float]) -> Tensor:
    bound, slice = options
    return torch.clamp_(gradient, torch.neg(bound), bound)
